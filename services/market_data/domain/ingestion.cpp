#include "services/market_data/domain/ingestion.h"

#include "libs/status/status.h"

namespace papertape::market {
namespace {

constexpr std::chrono::days kFilledBack{30};
constexpr std::chrono::days kCorrectedBack{7};

}  // namespace

absl::StatusOr<IngestionJob> Ingestion::Start(const IngestionRequest& request,
                                              const idempotency::Repeatable<std::int64_t>& repeatable) {
  if (!request.provider.empty() && !ports_.history.Has(request.provider)) {
    return InvalidField("provider", "is not one that this installation asks");
  }
  PT_ASSIGN_OR_RETURN(const std::int64_t id, ports_.jobs.Create(request, repeatable));
  ports_.wake();
  return ports_.jobs.Find(id);
}

absl::StatusOr<IngestionJob> Ingestion::Start(Plan plan, std::int64_t requested_by,
                                              const idempotency::Repeatable<std::int64_t>& repeatable) {
  PT_ASSIGN_OR_RETURN(const std::vector<Instrument> instruments, ports_.instruments.All());
  const Timestamp today = std::chrono::floor<std::chrono::days>(ports_.clock.Now());
  IngestionRequest request{.cause = IngestionRequest::Cause::kSchedule,
                           .first_day = today - kFilledBack,
                           .last_day = today,
                           .requested_by = requested_by};
  for (const Instrument& instrument : instruments) {
    if (instrument.active && ports_.history.Can(instrument)) request.symbols.push_back(instrument.symbol);
  }
  if (request.symbols.empty()) {
    return Error(Reason::kPROVIDER_UNAVAILABLE, "No provider of this installation has daily bars of any instrument.");
  }
  if (plan == Plan::kCorrections) request.correct_from = today - kCorrectedBack;
  return Start(request, repeatable);
}

absl::StatusOr<IngestionJob> Ingestion::Cancel(std::int64_t id) {
  PT_RETURN_IF_ERROR(ports_.jobs.Cancel(id));
  return ports_.jobs.Find(id);
}

absl::StatusOr<std::vector<AvailableSymbol>> Ingestion::Available() {
  const std::scoped_lock lock(counting_);
  const Instant now = ports_.clock.Steady();
  if (!counted_at_ || now - *counted_at_ >= kCountFor) {
    PT_ASSIGN_OR_RETURN(available_, ports_.jobs.Available());
    counted_at_ = now;
  }
  return available_;
}

}  // namespace papertape::market
