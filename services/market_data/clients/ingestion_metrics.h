// papertape_bars_written_total{source,what}: added, corrected; papertape_quarantined_total{source,reason};
// papertape_ingestion_tasks_total{state}. Thread-safe.
#pragma once

#include "libs/rpc/metrics.h"
#include "services/market_data/domain/ingestion_ports.h"

namespace papertape::market {

class IngestionMetrics final : public IngestionTally {
 public:
  explicit IngestionMetrics(rpc::Metrics& metrics) : metrics_(metrics) {}
  void Wrote(std::string_view source, const Written& written) override;
  void Suspected(const std::vector<Suspect>& suspects) override;
  void Finished(TaskState state) override;

 private:
  rpc::Metrics& metrics_;
};

}  // namespace papertape::market
