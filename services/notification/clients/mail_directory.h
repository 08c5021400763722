// In place of a mail server: each mail becomes a file in a directory, which any mail program opens. For a machine of
// one's own; whoever reads the directory reads the codes, so files and directory are their owner's alone. Thread-safe.
#pragma once

#include <filesystem>
#include <string>

#include "services/notification/domain/mail.h"

namespace papertape::notification {

class MailDirectory final : public MailTransport {
 public:
  MailDirectory(std::filesystem::path directory, std::string from)
      : directory_(std::move(directory)), from_(std::move(from)) {}
  // `<date and time>-<id>.eml`, complete as soon as it is there. kFailed when it cannot be written.
  DeliveryReport Deliver(const Mail& mail, Timestamp created_at) override;

 private:
  const std::filesystem::path directory_;
  const std::string from_;
};

}  // namespace papertape::notification
