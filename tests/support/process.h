// A child process of a test: started with its own environment, waited for, killed, its output read. Destroying one
// kills what still runs. Thread-safe.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace papertape::testing {

class Process {
 public:
  // `arguments[0]` is the program's path. `environment` is added to this process's. Throws std::system_error when it
  // cannot be started.
  explicit Process(const std::vector<std::string>& arguments,
                   const std::map<std::string, std::string>& environment = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  void Signal(int signal);
  // SIGKILL, and waits until it is gone.
  void Kill();
  // The exit status, or minus the signal that ended it; nothing when it still runs after `deadline`.
  std::optional<int> Wait(std::chrono::milliseconds deadline);
  // What it has written to stdout and stderr so far.
  [[nodiscard]] std::string Output() const;
  // True once its output holds `text`.
  bool WaitForOutput(std::string_view text, std::chrono::milliseconds deadline);

 private:
  void ReadAll();
  bool Reap();

  pid_t pid_ = -1;
  int output_fd_ = -1;
  std::optional<int> status_;  // set once it has been reaped
  mutable std::mutex mutex_;
  std::string output_;
  std::thread reader_;
};

}  // namespace papertape::testing
