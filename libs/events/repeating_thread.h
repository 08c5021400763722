// A thread that repeats a step until it is stopped, rests between steps as the step says, and backs off while it fails.
// Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/statusor.h"

namespace papertape::events {

class RepeatingThread {
 public:
  struct Rest {
    Rest(std::chrono::milliseconds how_long, bool ends_on_wake = true) : time(how_long), wakeable(ends_on_wake) {}
    std::chrono::milliseconds time;
    bool wakeable;
  };
  // Answers how to rest before the next step.
  using Step = std::function<absl::StatusOr<Rest>()>;
  // `what` names the work in logs.
  RepeatingThread(std::string what, Step step) : what_(std::move(what)), step_(std::move(step)) {}
  ~RepeatingThread() { Stop(); }
  RepeatingThread(const RepeatingThread&) = delete;
  RepeatingThread& operator=(const RepeatingThread&) = delete;

  void Start();
  // Waits for the running step.
  void Stop();
  // Ends a wakeable rest between steps, now or when the running step is done; not the back-off after a failure.
  void Wake();
  // What the last step answered; OK before the first.
  absl::Status Health() const;

 private:
  void Run();
  // False when stopped.
  bool Wait(Rest rest);

  const std::string what_;
  const Step step_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  bool woken_ = false;
  absl::Status health_;
  std::thread thread_;
};

}  // namespace papertape::events
