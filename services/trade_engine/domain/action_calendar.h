// The corporate actions of one session of the market: which are still to come, which have been applied, and from when
// on a symbol's quotes are on the terms after its split. Learning the same twice, or out of order, changes nothing.
// Not thread-safe.
#pragma once

#include <chrono>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "services/trade_engine/domain/corporate_action.h"

namespace papertape::trade_engine {

// An action as the database keeps it.
struct KeptAction {
  CorporateAction action;
  bool applied = false;
};

class ActionCalendar {
 public:
  // An action whose ex-date has begun.
  struct Due {
    CorporateAction action;
    bool late = false;  // it was learned, or loaded, when its ex-date had begun already
  };

  // Starts over.
  void Restore(const std::vector<KeptAction>& kept, Timestamp now);
  // Takes a new action, or a higher revision of one that is still to come (a withdrawn one goes). One that has been
  // applied changes no position any more.
  void Learn(const CorporateAction& action, Timestamp now);

  // When the next one begins; the end of time when none is known.
  [[nodiscard]] Timestamp next_at() const { return next_at_; }
  // Those that have begun by `until`, of `symbol` alone where it is given, in order; they are applied from here on. On
  // one day the dividend comes first: it is paid for the shares of the day before.
  std::vector<Due> TakeDue(Timestamp until, const std::string* symbol = nullptr);

  // Whether a quote of `symbol` made at `time` is from before a split that has been applied: no price to fill at.
  [[nodiscard]] bool IsVoid(const std::string& symbol, Timestamp time) const {
    if (valid_from_.empty()) return false;
    const auto found = valid_from_.find(symbol);
    return found != valid_from_.end() && time < found->second;
  }

 private:
  struct Known {
    CorporateAction action;
    Timestamp begins_at;
    bool late = false;
  };
  void NoteApplied(const CorporateAction& action, Timestamp begins_at);
  // Quotes are not told so late that a split of more than a week ago could matter to them.
  void ForgetSplitsBefore(Timestamp time);
  void FindNext();

  std::unordered_map<std::string, Known> pending_;           // by id
  std::unordered_map<std::string, std::int64_t> revisions_;  // newest told of each id that is pending or was withdrawn
  std::set<std::string> applied_;                            // ids
  std::unordered_map<std::string, Timestamp> valid_from_;    // by symbol
  Timestamp next_at_ = Timestamp::max();
};

}  // namespace papertape::trade_engine
