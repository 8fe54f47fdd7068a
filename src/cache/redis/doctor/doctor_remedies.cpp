#include "cache/redis/doctor/doctor_remedies.hpp"

#include <cerrno>
#include <system_error>

#include "cache/redis/wire/refusal.hpp"

namespace neve::redis {
namespace {

bool mentions(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }
bool mentions(const std::string& text, int error_number) {
  return text.find(std::generic_category().message(error_number)) != std::string::npos;
}

}  // namespace

std::string connecting_remedy(const RedisEndpoint& endpoint, const std::string& what) {
  if (!endpoint.unix_path.empty()) {
    if (mentions(what, EACCES))
      return "you may not use the socket: set 'unixsocketperm 770' in redis.conf and join the server's group";
    return "start the server with 'unixsocket " + endpoint.unix_path + "', or correct the path in the URL";
  }
  if (mentions(what, "has no address") || mentions(what, "looking up"))
    return "correct the host in the URL, or ask who runs your names";
  if (mentions(what, ECONNREFUSED))
    return "start the server, or correct host and port in the URL; a server bound to 127.0.0.1 or in a container "
           "listens there only ('bind' in redis.conf)";
  return "something between here and there drops what is sent, most likely a firewall; or host or port are wrong";
}

std::string tls_remedy(const RedisTls& tls, const std::string& what) {
  if (mentions(what, "mismatch"))
    return "the certificate is for another name: use that name as the host, or give it as 'sni=NAME'";
  if (mentions(what, "expired") || mentions(what, "not yet valid"))
    return "renew the server's certificate, or correct this machine's clock";
  if (mentions(what, "is not accepted"))
    return "name the authority that signed it: 'ca=FILE' with the authority's certificate as PEM";
  const bool wants_one = mentions(what, "client certificate") || mentions(what, "certificate required");
  if (wants_one && tls.certificate_file.empty() && !mentions(what, "wrong version"))
    return "give a client certificate and its key, 'cert=FILE&key=FILE'; if the port does not speak TLS, begin the URL "
           "with 'redis'";
  return "if the port does not speak TLS, begin the URL with 'redis' instead of 'rediss'";
}

std::string login_remedy(const Reply& reply, const RedisOptions& options, LoginTo whom) {
  const std::string text(reply.text());
  if (whom == LoginTo::sentinel) {
    if (reply.error_kind() == "NOAUTH") return std::string(kSentinelPassword);
    if (reply.error_kind() == "WRONGPASS") return "correct 'sentinel_user' and 'sentinel_password' in the URL";
  }
  if (reply.error_kind() == "WRONGPASS") return "correct the user name and the password in the URL";
  if (mentions(text, "without any password")) return "the server wants no password: leave it out of the URL";
  if (mentions(text, "DB index")) {
    return "the server has fewer databases; use a number below its 'databases' setting, or none";
  }
  if (reply.error_kind() == "NOPERM")
    return "as an administrator: ACL SETUSER " + (options.user.empty() ? "default" : options.user) + " +select";
  if (mentions(text, "wrong number of arguments"))
    return "the server is older than 6.0 and has no users: leave the user out of the URL";
  const std::string_view remedy = remedy_for(reply.error_kind());
  return remedy.empty() ? "see the server's log" : std::string(remedy);
}

}  // namespace neve::redis
