#include <neve/base/ascii.hpp>

#include "service/access/foreign_page.hpp"
#include "service/exchange/problem.hpp"
#include "service/handlers/context.hpp"

namespace neve::service {
namespace {

bool is_open(Route route) {
  return route == Route::healthz || route == Route::readyz || route == Route::openapi || route == Route::unknown;
}

/// From `Authorization: Bearer KEY` or `X-API-Key: KEY`.
std::string_view presented_key(const Request& request) {
  if (const std::string* header = request.header("authorization")) {
    constexpr std::string_view kBearer = "bearer ";  // the scheme's case does not count (RFC 9110, 11.1)
    const std::string_view value = *header;
    if (equals_ignoring_case(value.substr(0, kBearer.size()), kBearer)) return value.substr(kBearer.size());
  }
  const std::string* header = request.header("x-api-key");
  return header == nullptr ? std::string_view() : std::string_view(*header);
}

bool is_signed(const Call& call) {
  if (call.destination.route != Route::artifact) return false;
  const auto query = QueryParameters::parse(call.request.query);
  switch (call.context.signer.check(call.request.path, query, call.context.clock.now())) {
    case UrlSigner::Verdict::valid:
      return true;
    case UrlSigner::Verdict::unsigned_:
      return false;
    case UrlSigner::Verdict::expired:
      throw ProblemError(ProblemKind::forbidden, "the signed address has expired; repeat the analysis for a new one");
    case UrlSigner::Verdict::forged:
      break;
  }
  throw ProblemError(ProblemKind::forbidden, "the address and its signature do not belong together");
}

/// Without keys, and without the word that something else asks who comes, a service is for the people of its machine.
void require_own_page(const Call& call) {
  const bool for_this_machine = call.context.keys && !needs_key(call.context);
  if (!for_this_machine) return;
  if (const auto sign = sign_of_foreign_page(call.request)) {
    throw ProblemError(ProblemKind::forbidden,
                       "the service asks for no key, so it is for this machine only, and refuses this since " + *sign +
                           "; make a key with 'neve serve --add-key NAME' and present it, or start the service with "
                           "--without-keys if something in front of it asks who comes");
  }
}

}  // namespace

bool needs_key(Context& context) { return context.keys && context.keys->required(); }

void authorize(const Call& call) {
  if (is_open(call.destination.route)) return;
  require_own_page(call);
  const std::string_view key = presented_key(call.request);
  const bool by_address = is_signed(call);  // a signature that is wrong is refused also where none is asked for
  if (needs_key(call.context) && !by_address) {
    const auto owner = call.context.keys->owner_of(key);
    if (!owner) {
      throw ProblemError(ProblemKind::unauthorized,
                         key.empty() ? "present an API key as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'"
                                     : "the API key is not one of this service's");
    }
    call.note.caller = *owner;
  }
  const std::string caller = call.note.caller.empty() ? "address " + call.request.remote_address : call.note.caller;
  if (const auto wait = call.context.limiter.take(caller)) {
    throw ProblemError(Problem{ProblemKind::too_many_requests, "too many requests a second; slow down", Json::object(),
                               static_cast<unsigned>(*wait) + 1});
  }
}

}  // namespace neve::service
