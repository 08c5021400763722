// The end of a session, here at once by the process's own list, elsewhere by the relay, which is told to look.
// Thread-safe.
#pragma once

#include <functional>
#include <utility>

#include "libs/auth/revocations.h"
#include "services/auth/domain/ports.h"

namespace papertape::auth {

class StreamEndNotice final : public EndNotice {
 public:
  // `wake_relay` is cheap and may be called from any thread.
  StreamEndNotice(Revocations& revocations, std::function<void()> wake_relay)
      : revocations_(revocations), wake_relay_(std::move(wake_relay)) {}
  void Ended(const std::vector<std::string>& session_ids, Timestamp tokens_until) override {
    for (const std::string& id : session_ids) revocations_.Revoke(id, tokens_until);
    wake_relay_();
  }

 private:
  Revocations& revocations_;
  const std::function<void()> wake_relay_;
};

}  // namespace papertape::auth
