#include "tests/support/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <system_error>

#include "tests/support/eventually.h"

extern char** environ;

namespace papertape::testing {
namespace {

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> EnvironmentWith(const std::map<std::string, std::string>& additions) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (!additions.contains(std::string(text.substr(0, text.find('='))))) all.emplace_back(text);
  }
  for (const auto& [name, value] : additions) all.push_back(name + "=" + value);
  return all;
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment) {
  std::array<int, 2> pipe_fds{};
  if (pipe2(pipe_fds.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  std::vector<std::string> words = arguments;
  std::vector<std::string> variables = EnvironmentWith(environment);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], STDERR_FILENO);
  const int error =
      posix_spawn(&pid_, words.at(0).c_str(), &actions, nullptr, Pointers(words).data(), Pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_fds[1]);
  output_fd_ = pipe_fds[0];
  if (error != 0) {
    close(output_fd_);
    throw std::system_error(error, std::generic_category(), "cannot start " + words[0]);
  }
  reader_ = std::thread([this] { ReadAll(); });
}

Process::~Process() {
  Kill();
  reader_.join();
  close(output_fd_);
}

void Process::ReadAll() {
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = read(output_fd_, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    const std::scoped_lock lock(mutex_);
    output_.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

// A process that was reaped must not be signalled: its number may be another's.
void Process::Signal(int signal) {
  const std::scoped_lock lock(mutex_);
  if (!status_) kill(pid_, signal);
}

void Process::Kill() {
  Signal(SIGKILL);
  Eventually(std::chrono::seconds(60), [this] { return Reap(); });
}

bool Process::Reap() {
  const std::scoped_lock lock(mutex_);
  if (status_) return true;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return false;
  status_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  return true;
}

std::optional<int> Process::Wait(std::chrono::milliseconds deadline) {
  Eventually(deadline, [this] { return Reap(); });
  const std::scoped_lock lock(mutex_);
  return status_;
}

std::string Process::Output() const {
  const std::scoped_lock lock(mutex_);
  return output_;
}

bool Process::WaitForOutput(std::string_view text, std::chrono::milliseconds deadline) {
  return Eventually(deadline, [&] { return Output().find(text) != std::string::npos; });
}

}  // namespace papertape::testing
