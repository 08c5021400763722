// A batch of the tape as the columns of a TickBatch. Keeps what it needs from batch to batch, so that a steady market
// allocates nothing. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "papertape/market_data/v1/tape_service.pb.h"
#include "services/market_data/domain/tape_batch.h"

namespace papertape::market {

namespace pb = market_data::v1;

class TickColumns {
 public:
  // `out` is cleared first. A bid above its price, or an ask below it, is left out: nobody could trade on it.
  void Encode(const TapeBatch& batch, pb::TickBatch& out);
  // The same, serialized: what an entry of the Redis stream `ticks` carries.
  std::string Serialize(const TapeBatch& batch);

 private:
  // A symbol's row among the subjects of the batch at hand.
  struct Row {
    std::uint64_t batch = 0;
    std::uint32_t number = 0;
    std::uint32_t source = 0;
    std::int64_t previous_close = 0;
  };
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::uint32_t SubjectOf(const Quote& quote, pb::TickBatch& out);

  std::uint64_t batch_ = 0;
  std::unordered_map<std::string, Row, TextHash, std::equal_to<>> rows_;
  pb::TickBatch message_;
};

// The market that a serialized TickBatch belongs to; the live one where it cannot be read.
MarketMoment MomentOf(const std::string& serialized);

}  // namespace papertape::market
