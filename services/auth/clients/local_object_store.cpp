#include "services/auth/clients/local_object_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "fmt/format.h"
#include "libs/status/status.h"

namespace papertape::auth {
namespace {

namespace fs = std::filesystem;

class FileDescriptor {
 public:
  FileDescriptor(const fs::path& path, int flags) : fd_(open(path.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR)) {}
  ~FileDescriptor() { Close(); }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool ok() const { return fd_ >= 0; }
  bool Close() { return fd_ < 0 || close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

absl::Status Failed(std::string_view what) {
  return absl::UnavailableError(fmt::format("cannot {}: {}", what, std::generic_category().message(errno)));
}

absl::Status WriteDurably(const fs::path& path, std::string_view bytes) {
  FileDescriptor file(path, O_WRONLY | O_CREAT | O_EXCL);
  if (!file.ok()) return Failed("create an object's file");
  while (!bytes.empty()) {
    const ssize_t written = write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Failed("write an object");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fsync(file.get()) != 0 || !file.Close()) return Failed("flush an object");
  return absl::OkStatus();
}

absl::Status FlushDirectory(const fs::path& path) {
  const FileDescriptor directory(path, O_RDONLY | O_DIRECTORY);
  if (!directory.ok() || fsync(directory.get()) != 0) return Failed("flush a directory");
  return absl::OkStatus();
}

// Makes `path` and what is above it, each for its owner alone, and flushes what holds a new one.
absl::Status MakeDirectories(const fs::path& path) {
  if (mkdir(path.c_str(), S_IRWXU) == 0) return FlushDirectory(path.parent_path());
  if (errno == EEXIST) return absl::OkStatus();
  if (errno != ENOENT || !path.has_parent_path() || path.parent_path() == path) return Failed("make a directory");
  PT_RETURN_IF_ERROR(MakeDirectories(path.parent_path()));
  if (mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST) return Failed("make a directory");
  return FlushDirectory(path.parent_path());
}

absl::Status NoKey() { return absl::InvalidArgumentError("not an object's key"); }

}  // namespace

bool IsObjectKey(std::string_view key) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '/';
  };
  return !key.empty() && key.size() <= 512 && std::all_of(key.begin(), key.end(), fits) && key.front() != '/' &&
         key.back() != '/' && key.find("//") == std::string_view::npos;
}

absl::Status LocalObjectStore::Prepare() const {
  PT_RETURN_IF_ERROR(MakeDirectories(fs::absolute(root_)));
  if (access(root_.c_str(), W_OK | X_OK) != 0) return Failed("write in " + root_.string());
  return absl::OkStatus();
}

absl::Status LocalObjectStore::Put(const std::string& key, std::string_view bytes) {
  if (!IsObjectKey(key)) return NoKey();
  const fs::path place = fs::absolute(root_ / key);
  PT_RETURN_IF_ERROR(MakeDirectories(place.parent_path()));
  // The dot keeps it out of the keys.
  const fs::path draft = place.parent_path() / ("." + RandomHex(random_, 16));
  absl::Status status = WriteDurably(draft, bytes);
  if (status.ok() && rename(draft.c_str(), place.c_str()) != 0) status = Failed("place an object");
  if (!status.ok()) {
    unlink(draft.c_str());
    return status;
  }
  return FlushDirectory(place.parent_path());
}

absl::StatusOr<std::string> LocalObjectStore::Get(const std::string& key) {
  if (!IsObjectKey(key)) return NoKey();
  const FileDescriptor file(root_ / key, O_RDONLY | O_NOFOLLOW);
  if (!file.ok() && (errno == ENOENT || errno == ENOTDIR)) return absl::NotFoundError("no such object");
  if (!file.ok()) return Failed("open an object");
  std::string bytes;
  std::array<char, 65'536> block{};
  for (;;) {
    const ssize_t got = read(file.get(), block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EISDIR ? absl::NotFoundError("no such object") : Failed("read an object");
    if (got == 0) return bytes;
    bytes.append(block.data(), static_cast<std::size_t>(got));
  }
}

absl::Status LocalObjectStore::Delete(const std::string& key) {
  if (!IsObjectKey(key)) return NoKey();
  const fs::path place = root_ / key;
  if (unlink(place.c_str()) != 0 && errno != ENOENT && errno != ENOTDIR) return Failed("delete an object");
  return absl::OkStatus();
}

}  // namespace papertape::auth
