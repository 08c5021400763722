// A quarantine that is never waited for: suspects are left here and a thread takes them to the real one. What there is
// no room for is counted and dropped: a source that says nonsense a thousand times a second need not fill a table with
// it. Thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <vector>

#include "libs/events/repeating_thread.h"
#include "services/market_data/domain/quarantine.h"

namespace papertape::market {

class QueuedQuarantine final : public Quarantine {
 public:
  // Told of every suspect, whether or not there was room for it.
  using Observer = std::function<void(const Suspect& suspect, bool kept)>;

  QueuedQuarantine(Quarantine& real, Observer observer, std::size_t room = 1'000);

  void Start() { thread_.Start(); }
  // What is left is taken there once more.
  void Stop();
  absl::Status Add(const std::vector<Suspect>& suspects) override;

 private:
  absl::Status Deliver();

  Quarantine& real_;
  const Observer observer_;
  const std::size_t room_;
  std::mutex mutex_;  // guards waiting_
  std::vector<Suspect> waiting_;
  events::RepeatingThread thread_;
};

}  // namespace papertape::market
