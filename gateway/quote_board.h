// The newest quote of every symbol, encoded once when it comes: as the body of an HTTP answer and as a frame of the
// journal's stream. All quotes are of one session of the market, and their age is measured by that market's clock.
// Thread-safe; a read is a look-up and a copy under a lock that is held no longer than that.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "libs/clock/clock.h"
#include "libs/clock/market_clock.h"
#include "papertape/market_data/v1/market_data_service.pb.h"

namespace papertape::gateway {

// Bytes that many connections send.
using SharedFrame = std::shared_ptr<const std::string>;

struct PriceUpdate {
  std::string symbol;
  SharedFrame frame;  // a whole WebSocket frame: {"type":"price_update","ticker","price","timestamp"}
};

// What a batch of quotes changed.
struct BoardChange {
  bool is_other_market = false;  // the quotes from before are void
  std::vector<PriceUpdate> prices;
};

class QuoteBoard {
 public:
  // `machine` outlives it.
  QuoteBoard(std::chrono::milliseconds fresh_for, const Clock& machine) : fresh_for_(fresh_for), market_(machine) {}

  // Takes quotes that are not older than what is there of the same source; where the market turns to another session,
  // it forgets what is there first. For one thread at a time.
  BoardChange Update(const market_data::v1::QuoteBatch& batch);
  // The batches have ended for now. A replay's clock stands still without them, and its quotes would never grow old.
  void Interrupt() {
    if (session_ != 0) Forget();
  }
  // Appends the quote as JSON; false when there is none, or it is stale.
  bool AppendJson(std::string_view symbol, std::string& out) const;
  // Null when there is none.
  [[nodiscard]] SharedFrame FrameOf(std::string_view symbol) const;

 private:
  struct Entry {
    Timestamp time;
    bool stale = false;
    std::string source;
    std::string json;
    SharedFrame frame;
  };
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::string, Entry, TextHash, std::equal_to<>> entries;
  };
  static constexpr std::size_t kShards = 64;
  [[nodiscard]] Shard& ShardOf(std::string_view symbol) const { return shards_[TextHash()(symbol) % kShards]; }

  void Forget();

  const std::chrono::milliseconds fresh_for_;
  MarketClock market_;
  std::int64_t session_ = 0;  // of the market; for the thread that updates
  mutable std::array<Shard, kShards> shards_;
};

// A symbol as clients write it (`.nsei`) in the form that the suite uses (`^NSEI`).
std::string NormalSymbol(std::string_view symbol);

}  // namespace papertape::gateway
