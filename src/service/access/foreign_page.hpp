#pragma once

#include <optional>
#include <string>

#include <neve/service/request.hpp>

namespace neve::service {

/// What shows that a browser asks on behalf of a page that is not this service's, in words that continue "since ";
/// nothing if nothing shows it, as of programs that are no browsers.
///
/// For a service that asks nobody for a key since only its own machine can reach it: any page that somebody of this
/// machine looks at can reach it as well. Two things show it. A method other than GET and HEAD comes with a
/// `Sec-Fetch-Site` that is neither `same-origin` nor `none` or, without one, with an `Origin` other than the Host
/// (which is how forms and scripts of other pages are told apart since 2023). Or the Host is a name other than
/// `localhost`: then a foreign name was made to lead here (DNS rebinding), and for the browser the page is of this very
/// origin.
[[nodiscard]] std::optional<std::string> sign_of_foreign_page(const Request& request);

}  // namespace neve::service
