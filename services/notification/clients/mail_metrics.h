// papertape_mails_total{fate}: queued, sent, delayed (an attempt failed) and failed (given up). Thread-safe.
#pragma once

#include <array>

#include "libs/rpc/metrics.h"
#include "services/notification/domain/mail.h"

namespace papertape::notification {

class MailMetrics final : public MailTally {
 public:
  explicit MailMetrics(rpc::Metrics& metrics);
  void Count(Fate fate) override;

 private:
  std::array<prometheus::Counter*, 4> counters_;  // by Fate
};

}  // namespace papertape::notification
