// What is asked of an HTTP server, and what it answers. Values only.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace papertape::http {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string path;   // below the base URL, encoded (http::Encode for its parts); appears in logs, so no key in it
  std::string query;  // as it goes out, without '?': what `parameters` cannot say (the rest of a next_url)
  Pairs parameters;   // encoded and appended to the query; never logged
  Pairs headers;      // never logged
  std::string body;   // of a POST
  std::string content_type = "application/json";
  bool repeatable = true;  // whether it may be sent again when it is not known to have arrived
};

struct Response {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case; the first of several
  std::string body;

  // Empty when it is not there.
  [[nodiscard]] std::string_view Header(const std::string& lower_case_name) const {
    const auto found = headers.find(lower_case_name);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
  }
};

}  // namespace papertape::http
