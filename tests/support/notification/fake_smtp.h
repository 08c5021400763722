// A mail server in a process of its own (fake_smtp.py), with a certificate of its own making. Its behaviours are told
// in fake_smtp.py; each connection takes the next.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace papertape::testing {

class FakeSmtp {
 public:
  explicit FakeSmtp(const std::vector<std::string>& behaviours);
  ~FakeSmtp();
  FakeSmtp(const FakeSmtp&) = delete;
  FakeSmtp& operator=(const FakeSmtp&) = delete;

  [[nodiscard]] std::int64_t port() const { return port_; }
  [[nodiscard]] std::string certificate() const { return directory_ / "certificate.pem"; }
  // What it printed of its `count` first connections, a JSON object a line, once they have ended. Fails the test when
  // they do not.
  [[nodiscard]] std::string Sessions(std::size_t count) const;

 private:
  const std::filesystem::path directory_;
  std::unique_ptr<Process> process_;
  std::int64_t port_ = 0;
};

}  // namespace papertape::testing
