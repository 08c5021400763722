// Signals and formulas, as lists show them, and the port to where they are kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/money/money.h"

namespace papertape::signal {

enum class Action : std::uint8_t { kBuy, kSell, kHold };

// Nothing for a word that is none of BUY, SELL, HOLD.
std::optional<Action> ParseAction(std::string_view word);
std::string_view ActionWord(Action action);

struct Signal {
  std::int64_t id = 0;
  std::string symbol;
  Action action = Action::kHold;
  double confidence = 0;  // 0 to 1
  Price entry_price;
  std::optional<Price> target_price;
  std::optional<Price> stop_loss;
  std::string source;  // ml or formula
  Timestamp generated_at;
};

struct SignalQuery {
  std::string symbol;            // empty: all
  std::optional<Action> action;  // absent: all
  std::int64_t offset = 0;
  std::int64_t size = 20;
};

struct Formula {
  std::int64_t id = 0;
  std::string name;
  std::optional<std::string> description;
  std::optional<std::string> category;
  std::vector<std::string> tags;
  bool is_public = true;
  std::int64_t author_id = 0;
  Timestamp created_at;
};

struct FormulaQuery {
  std::int64_t reader_id = 0;  // sees public formulas and their own
  std::string category;        // empty: all
  std::string search;          // part of name or description, whatever its case; empty: all
  std::int64_t offset = 0;
  std::int64_t size = 20;
};

// One page, newest first, and how many there are on all pages.
template <class Item>
struct Listing {
  std::vector<Item> items;
  std::int64_t total = 0;
};

// Thread-safe.
class Catalog {
 public:
  virtual ~Catalog() = default;
  virtual absl::StatusOr<Listing<Signal>> ListSignals(const SignalQuery& query) = 0;
  virtual absl::StatusOr<Listing<Formula>> ListFormulas(const FormulaQuery& query) = 0;
};

}  // namespace papertape::signal
