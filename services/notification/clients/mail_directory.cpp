#include "services/notification/clients/mail_directory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>

#include "fmt/format.h"
#include "services/notification/domain/mail_message.h"

namespace papertape::notification {
namespace {

bool WriteFile(const std::filesystem::path& path, std::string_view text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return false;
  bool is_written = true;
  while (is_written && !text.empty()) {
    const ssize_t count = write(file, text.data(), text.size());
    is_written = count > 0;
    if (is_written) text.remove_prefix(static_cast<std::size_t>(count));
  }
  return close(file) == 0 && is_written;
}

}  // namespace

DeliveryReport MailDirectory::Deliver(const Mail& mail, Timestamp created_at) {
  std::error_code error;
  if (std::filesystem::create_directories(directory_, error)) {
    std::filesystem::permissions(directory_, std::filesystem::perms::owner_all, error);
  }
  std::string name =
      fmt::format("{}-{}.eml", FormatRfc3339(std::chrono::floor<std::chrono::seconds>(created_at)), mail.id);
  std::erase(name, ':');
  const std::filesystem::path partial = directory_ / fmt::format(".{}.partial", name);
  if (!WriteFile(partial, ComposeMessage(mail, from_, created_at))) {
    return {.outcome = Delivery::kFailed, .why = "PAPERTAPE_MAIL_DIRECTORY cannot be written to"};
  }
  std::filesystem::rename(partial, directory_ / name, error);
  if (error) return {.outcome = Delivery::kFailed, .why = error.message()};
  return {.outcome = Delivery::kDone};
}

}  // namespace papertape::notification
