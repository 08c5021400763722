// Asking for ingestion: what a request leaves out is filled in, what nobody can serve is refused. Thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/idempotency/repeatable.h"
#include "services/market_data/domain/ingestion_ports.h"
#include "services/market_data/domain/ports.h"

namespace papertape::market {

class Ingestion {
 public:
  struct Ports {
    IngestionJobs& jobs;
    InstrumentStore& instruments;
    const BarHistory& history;
    const Clock& clock;
    std::function<void()> wake;  // there is a new job; cheap
  };
  explicit Ingestion(Ports ports) : ports_(std::move(ports)) {}

  // The job, as it stands when it has been made. UNKNOWN_SYMBOL; INVALID_ARGUMENT for a provider that is not there.
  absl::StatusOr<IngestionJob> Start(const IngestionRequest& request,
                                     const idempotency::Repeatable<std::int64_t>& repeatable);
  // What is ingested without being asked for: every active instrument of which some provider may know the bars.
  enum class Plan {
    kEndOfDay,    // the gaps of the last thirty days
    kCorrections  // these, and the bars of the last seven days once more
  };
  // PROVIDER_UNAVAILABLE when there is no such instrument.
  absl::StatusOr<IngestionJob> Start(Plan plan, std::int64_t requested_by,
                                     const idempotency::Repeatable<std::int64_t>& repeatable);
  absl::StatusOr<IngestionJob> Find(std::int64_t id) { return ports_.jobs.Find(id); }
  absl::StatusOr<JobPage> List(std::int64_t offset, std::int64_t limit) { return ports_.jobs.List(offset, limit); }
  absl::StatusOr<IngestionJob> Cancel(std::int64_t id);
  // By symbol; counted again when the last count is older than kCountFor.
  absl::StatusOr<std::vector<AvailableSymbol>> Available();
  static constexpr std::chrono::seconds kCountFor{5};

 private:
  const Ports ports_;
  std::mutex counting_;
  std::optional<Instant> counted_at_;
  std::vector<AvailableSymbol> available_;
};

}  // namespace papertape::market
