#include "services/notification/clients/mail_directory.h"

#include <fstream>
#include <sstream>

#include "tests/support/catch.h"

namespace papertape::notification {
namespace {

namespace fs = std::filesystem;

const Timestamp kDate = FromMicrosSinceEpoch(1'772'461'800'250'000);

struct Directory {
  Directory() {
    std::string name = (fs::temp_directory_path() / "papertape-mail.XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Directory() { fs::remove_all(path); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  fs::path path;
};

Mail AMail() { return {.id = "code-1", .to = "ann@example.com", .subject = "Your code", .text = "It is 123456.\n"}; }

TEST_CASE("a mail becomes a file of its own that only its owner reads") {
  const Directory directory;
  const fs::path mails = directory.path / "made" / "mail";
  MailDirectory transport(mails, "papertape@localhost");
  REQUIRE(transport.Deliver(AMail(), kDate).outcome == Delivery::kDone);
  const fs::path file = mails / "2026-03-02T143000Z-code-1.eml";
  REQUIRE(fs::exists(file));
  CHECK(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(fs::status(mails).permissions() == fs::perms::owner_all);
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  CHECK(text.str().find("\r\nTo: <ann@example.com>\r\n") != std::string::npos);
  CHECK(text.str().find("It is 123456.\r\n") != std::string::npos);
}

TEST_CASE("the same mail again is the same file") {
  const Directory directory;
  MailDirectory transport(directory.path, "papertape@localhost");
  REQUIRE(transport.Deliver(AMail(), kDate).outcome == Delivery::kDone);
  REQUIRE(transport.Deliver(AMail(), kDate).outcome == Delivery::kDone);
  CHECK(std::distance(fs::directory_iterator(directory.path), fs::directory_iterator()) == 1);
}

TEST_CASE("a directory that cannot be written to is a failure for now") {
  const Directory directory;
  const fs::path file = directory.path / "file";
  std::ofstream(file) << "in the way";
  MailDirectory transport(file, "papertape@localhost");
  CHECK(transport.Deliver(AMail(), kDate).outcome == Delivery::kFailed);
}

}  // namespace
}  // namespace papertape::notification
