// A web server on a free port of this machine that answers as it is told, faults included. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tests/support/http/certificate.h"

namespace papertape::testing {

struct HttpAsk {
  std::string verb;
  std::string path;  // decoded, without the query
  std::multimap<std::string, std::string> query;
  std::multimap<std::string, std::string> headers;  // names in lower case
  std::string body;

  // The first of that name; empty when there is none.
  [[nodiscard]] std::string Query(const std::string& name) const;
  [[nodiscard]] std::string Header(const std::string& name) const;
};

// How the body arrives.
enum class Delivery {
  kWhole,
  kCut,     // the connection ends in the middle
  kTrickle  // a byte every few milliseconds, without end in sight
};

struct HttpAnswer {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::map<std::string, std::string> headers = {};
  Delivery delivery = Delivery::kWhole;
};

class FakeHttp {
 public:
  using Handler = std::function<HttpAnswer(const HttpAsk&)>;  // called on several threads

  // On `port` of 127.0.0.1, or a free one. With a certificate it speaks TLS.
  explicit FakeHttp(Handler handler, const Certificate* certificate = nullptr, int port = 0);
  ~FakeHttp();
  FakeHttp(const FakeHttp&) = delete;
  FakeHttp& operator=(const FakeHttp&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url() const;  // "http://127.0.0.1:4711"
  // What has been asked so far.
  [[nodiscard]] std::vector<HttpAsk> asks() const;

 private:
  struct Server;
  const Handler handler_;
  const bool encrypted_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<HttpAsk> asks_;
  std::unique_ptr<Server> server_;
};

}  // namespace papertape::testing
