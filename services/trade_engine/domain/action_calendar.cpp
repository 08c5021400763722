#include "services/trade_engine/domain/action_calendar.h"

#include <algorithm>
#include <tuple>

namespace papertape::trade_engine {
namespace {

constexpr std::chrono::hours kSplitRemembered{24 * 7};

}  // namespace

void ActionCalendar::Restore(const std::vector<KeptAction>& kept, Timestamp now) {
  *this = ActionCalendar();
  for (const KeptAction& one : kept) {
    if (one.applied) {
      NoteApplied(one.action, BeginsAt(one.action));
    } else {
      Learn(one.action, now);
    }
  }
  ForgetSplitsBefore(now - kSplitRemembered);
}

void ActionCalendar::Learn(const CorporateAction& action, Timestamp now) {
  const std::string id = IdOf(action);
  if (applied_.contains(id)) return;
  std::int64_t& newest = revisions_[id];
  if (newest >= action.revision) return;
  newest = action.revision;
  const Timestamp begins_at = BeginsAt(action);
  if (action.withdrawn) {
    pending_.erase(id);
  } else {
    pending_[id] = {.action = action, .begins_at = begins_at, .late = begins_at <= now};
  }
  FindNext();
}

std::vector<ActionCalendar::Due> ActionCalendar::TakeDue(Timestamp until, const std::string* symbol) {
  ForgetSplitsBefore(until - kSplitRemembered);
  std::vector<Known> taken;
  for (auto each = pending_.begin(); each != pending_.end();) {
    const Known& known = each->second;
    if (known.begins_at > until || (symbol != nullptr && known.action.symbol != *symbol)) {
      ++each;
      continue;
    }
    NoteApplied(known.action, known.begins_at);
    taken.push_back(known);
    each = pending_.erase(each);
  }
  const auto place = [](const Known& known) {
    return std::tuple(known.begins_at, IsSplit(known.action), std::string_view(known.action.symbol));
  };
  std::sort(taken.begin(), taken.end(), [&](const Known& a, const Known& b) { return place(a) < place(b); });
  FindNext();
  std::vector<Due> due;
  due.reserve(taken.size());
  for (Known& known : taken) due.push_back({.action = std::move(known.action), .late = known.late});
  return due;
}

void ActionCalendar::NoteApplied(const CorporateAction& action, Timestamp begins_at) {
  applied_.insert(IdOf(action));
  if (!IsSplit(action)) return;
  Timestamp& valid_from = valid_from_[action.symbol];
  valid_from = std::max(valid_from, begins_at);
}

void ActionCalendar::ForgetSplitsBefore(Timestamp time) {
  std::erase_if(valid_from_, [time](const auto& split) { return split.second < time; });
}

void ActionCalendar::FindNext() {
  next_at_ = Timestamp::max();
  for (const auto& [id, known] : pending_) next_at_ = std::min(next_at_, known.begins_at);
}

}  // namespace papertape::trade_engine
