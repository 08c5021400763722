#include "services/market_data/store/queued_quarantine.h"

#include <iterator>
#include <utility>

#include "libs/status/status.h"

namespace papertape::market {
namespace {

constexpr std::chrono::milliseconds kAtLatestEvery{1'000};

}  // namespace

QueuedQuarantine::QueuedQuarantine(Quarantine& real, Observer observer, std::size_t room)
    : real_(real),
      observer_(std::move(observer)),
      room_(room),
      thread_("quarantine", [this]() -> absl::StatusOr<events::RepeatingThread::Rest> {
        PT_RETURN_IF_ERROR(Deliver());
        return events::RepeatingThread::Rest(kAtLatestEvery);
      }) {}

void QueuedQuarantine::Stop() {
  thread_.Stop();
  Deliver().IgnoreError();
}

absl::Status QueuedQuarantine::Add(const std::vector<Suspect>& suspects) {
  {
    const std::lock_guard lock(mutex_);
    for (const Suspect& suspect : suspects) {
      const bool kept = waiting_.size() < room_;
      if (kept) waiting_.push_back(suspect);
      observer_(suspect, kept);
    }
  }
  thread_.Wake();
  return absl::OkStatus();
}

absl::Status QueuedQuarantine::Deliver() {
  std::unique_lock lock(mutex_);
  std::vector<Suspect> suspects = std::exchange(waiting_, {});
  lock.unlock();
  if (suspects.empty()) return absl::OkStatus();
  const absl::Status added = real_.Add(suspects);
  if (added.ok()) return added;
  // They wait on, before those that have come since.
  lock.lock();
  suspects.insert(suspects.end(), std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.end()));
  if (suspects.size() > room_) suspects.resize(room_);
  waiting_ = std::move(suspects);
  return added;
}

}  // namespace papertape::market
