#include "services/notification/clients/mail_metrics.h"

#include <prometheus/counter.h>

namespace papertape::notification {

MailMetrics::MailMetrics(rpc::Metrics& metrics) {
  static constexpr std::array<const char*, 4> kFates{"queued", "sent", "delayed", "failed"};
  for (std::size_t i = 0; i < kFates.size(); ++i) {
    counters_[i] = &metrics.Counter("papertape_mails_total", "Mails by what became of them.", {{"fate", kFates[i]}});
  }
}

void MailMetrics::Count(Fate fate) { counters_[static_cast<std::size_t>(fate)]->Increment(); }

}  // namespace papertape::notification
