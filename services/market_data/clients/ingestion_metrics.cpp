#include "services/market_data/clients/ingestion_metrics.h"

#include <prometheus/counter.h>

namespace papertape::market {

void IngestionMetrics::Wrote(std::string_view source, const Written& written) {
  constexpr std::string_view kHelp = "Bars written into the database, by who gave them.";
  const std::string from(source);
  metrics_.Counter("papertape_bars_written_total", kHelp, {{"source", from}, {"what", "added"}})
      .Increment(static_cast<double>(written.added));
  metrics_.Counter("papertape_bars_written_total", kHelp, {{"source", from}, {"what", "corrected"}})
      .Increment(static_cast<double>(written.corrected));
}

void IngestionMetrics::Suspected(const std::vector<Suspect>& suspects) {
  for (const Suspect& suspect : suspects) {
    metrics_
        .Counter("papertape_quarantined_total", "Bars that cannot be true and were kept aside, by who said them.",
                 {{"source", suspect.source}, {"reason", std::string(SuspicionName(suspect.suspicion))}})
        .Increment();
  }
}

void IngestionMetrics::Finished(TaskState state) {
  metrics_
      .Counter("papertape_ingestion_tasks_total", "Symbols of ingestion jobs that have ended, by how.",
               {{"state", std::string(TaskStateName(state))}})
      .Increment();
}

}  // namespace papertape::market
