#include "services/trade_engine/store/action_feed.h"

#include <utility>

#include "libs/log/log.h"
#include "libs/status/status.h"
#include "services/trade_engine/store/action_rows.h"

namespace papertape::trade_engine {
namespace {

constexpr std::chrono::milliseconds kWait{500};
constexpr int kQuietSteps = 20;
// A batch of nothing but repetitions counts as none, so one that is empty is not the end.
constexpr int kEmptyAtTheEnd = 4;

}  // namespace

ActionFeed::ActionFeed(pg::Pool& pool, redis::Client& redis, events::Consumer::Options options, Reader read,
                       Learn learn)
    : pool_(pool),
      read_(std::move(read)),
      learn_(std::move(learn)),
      consumer_(pool, redis, std::move(options), [this](pg::Transaction& transaction, const events::Event& event) {
        return Apply(transaction, event);
      }) {}

absl::Status ActionFeed::Step() {
  const std::lock_guard lock(mutex_);
  PT_ASSIGN_OR_RETURN(const std::size_t applied, consumer_.ConsumeOnce(kWait));
  quiet_steps_ = applied > 0 ? kQuietSteps : quiet_steps_ + 1;
  return quiet_steps_ >= kQuietSteps ? HandOver() : absl::OkStatus();
}

absl::Status ActionFeed::CatchUp() {
  const std::lock_guard lock(mutex_);
  for (int empty = 0; empty < kEmptyAtTheEnd;) {
    PT_ASSIGN_OR_RETURN(const std::size_t applied, consumer_.ConsumeOnce(std::chrono::milliseconds(0)));
    empty = applied == 0 ? empty + 1 : 0;
  }
  return HandOver();
}

absl::Status ActionFeed::Apply(pg::Transaction& transaction, const events::Event& event) {
  PT_ASSIGN_OR_RETURN(const std::optional<CorporateAction> action, read_(event));
  if (!action || Keep(transaction, *action) != Kept::kAppliedBefore) return absl::OkStatus();
  log::Warning("a corporate action was corrected after it had been applied; positions stay as they are",
               {{"action", IdOf(*action)}, {"revision", action->revision}, {"source", action->source}});
  return absl::OkStatus();
}

absl::Status ActionFeed::HandOver() {
  std::vector<CorporateAction> actions;
  PT_RETURN_IF_ERROR(pool_.Read([&](pg::Transaction& transaction) {
    actions = LoadPending(transaction);
    return absl::OkStatus();
  }));
  quiet_steps_ = 0;
  if (!actions.empty()) learn_(std::move(actions));
  return absl::OkStatus();
}

}  // namespace papertape::trade_engine
