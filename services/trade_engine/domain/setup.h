// A user's library of setups: what a trade must look like before it is taken. Plain values and the port that keeps
// them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/idempotency/repeatable.h"

namespace papertape::trade_engine {

// What its owner writes. Empty: not said.
struct SetupText {
  std::string name;
  std::string notes;
  std::string description;
  std::string rules;
  std::string timeframe;
  std::vector<std::string> tags;
};

struct Setup {
  std::string setup_id;
  std::int64_t user_id = 0;
  SetupText text;
  Timestamp created_at;
  Timestamp updated_at;
  std::optional<Timestamp> deleted_at;  // off the list, kept for the trades that refer to it
};

// A reference that its owner may not make, or a setup that is not there.
absl::Status NoSuchSetup();

// NOT_FOUND for a setup that is not the user's; but for Find, also for one that was deleted. Thread-safe.
class SetupStore {
 public:
  static constexpr int kMost = 500;  // that a user may have

  virtual ~SetupStore() = default;
  // CONFLICT when the user has as many as there may be.
  virtual absl::StatusOr<Setup> Add(const Setup& setup, const idempotency::Repeatable<Setup>& repeatable) = 0;
  // Newest first; with a tag only those that have it.
  virtual absl::StatusOr<std::vector<Setup>> List(std::int64_t user_id, const std::string& tag) = 0;
  virtual absl::StatusOr<Setup> Find(std::int64_t user_id, const std::string& setup_id) = 0;
  virtual absl::StatusOr<Setup> Replace(std::int64_t user_id, const std::string& setup_id, const SetupText& text,
                                        Timestamp now, const idempotency::Repeatable<Setup>& repeatable) = 0;
  virtual absl::StatusOr<Setup> Delete(std::int64_t user_id, const std::string& setup_id, Timestamp now,
                                       const idempotency::Repeatable<Setup>& repeatable) = 0;
};

}  // namespace papertape::trade_engine
