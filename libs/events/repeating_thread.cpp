#include "libs/events/repeating_thread.h"

#include <algorithm>

#include "libs/log/log.h"
#include "libs/status/status.h"

namespace papertape::events {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstBackoff{100};
constexpr milliseconds kLongestBackoff{5'000};

}  // namespace

void RepeatingThread::Start() {
  const std::scoped_lock lock(mutex_);
  if (thread_.joinable()) return;
  stopping_ = false;
  thread_ = std::thread([this] { Run(); });
}

void RepeatingThread::Stop() {
  std::thread thread;
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    thread.swap(thread_);
  }
  changed_.notify_all();
  if (thread.joinable()) thread.join();
}

void RepeatingThread::Wake() {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(woken_, true)) return;
  }
  changed_.notify_all();
}

absl::Status RepeatingThread::Health() const {
  const std::scoped_lock lock(mutex_);
  return health_;
}

bool RepeatingThread::Wait(Rest rest) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, rest.time, [&] { return stopping_ || (rest.wakeable && woken_); });
  if (rest.wakeable) woken_ = false;
  return !stopping_;
}

void RepeatingThread::Run() {
  milliseconds backoff{0};
  Rest rest(milliseconds(0));
  while (Wait(rest)) {
    const absl::StatusOr<Rest> next = step_();
    {
      const std::scoped_lock lock(mutex_);
      health_ = next.status();
    }
    if (next.ok()) {
      if (backoff.count() > 0) log::Info("works again", {{"what", what_}});
      backoff = milliseconds(0);
      rest = *next;
      continue;
    }
    if (backoff.count() == 0)
      log::Warning("fails, will be tried again", {{"what", what_}, {"error", MessageOf(next.status())}});
    backoff = std::clamp(backoff * 2, kFirstBackoff, kLongestBackoff);
    rest = Rest(backoff, false);
  }
}

}  // namespace papertape::events
