#include "tests/support/notification/fake_smtp.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "tests/support/catch.h"
#include "tests/support/eventually.h"

namespace papertape::testing {
namespace {

std::filesystem::path NewDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "papertape-smtp.XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  return name;
}

}  // namespace

FakeSmtp::FakeSmtp(const std::vector<std::string>& behaviours) : directory_(NewDirectory()) {
  const std::string key = directory_ / "key.pem";
  Process openssl({"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                   "-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key,
                   "-out", certificate()});
  REQUIRE(openssl.Wait(std::chrono::seconds(30)) == 0);
  std::vector<std::string> arguments{"/usr/bin/python3", "-B", FAKE_SMTP_PROGRAM, certificate(), key};
  arguments.insert(arguments.end(), behaviours.begin(), behaviours.end());
  process_ = std::make_unique<Process>(arguments);
  REQUIRE(process_->WaitForOutput("\n", std::chrono::seconds(30)));
  const std::string output = process_->Output();
  std::from_chars(output.data(), output.data() + output.size(), port_);
  REQUIRE(port_ > 0);
}

FakeSmtp::~FakeSmtp() {
  process_.reset();
  std::filesystem::remove_all(directory_);
}

std::string FakeSmtp::Sessions(std::size_t count) const {
  const auto lines = [this] {
    const std::string output = process_->Output();
    return static_cast<std::size_t>(std::count(output.begin(), output.end(), '\n'));
  };
  REQUIRE(Eventually([&] { return lines() > count; }));
  const std::string output = process_->Output();
  return output.substr(output.find('\n') + 1);
}

}  // namespace papertape::testing
