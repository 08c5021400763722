#include "services/trade_engine/clients/tick_reader.h"

#include "libs/log/log.h"
#include "libs/status/status.h"
#include "papertape/market_data/v1/market_data_service.pb.h"
#include "services/trade_engine/clients/grpc_quote_source.h"
#include "services/trade_engine/clients/tick_columns.h"

namespace papertape::trade_engine {
namespace {

constexpr char kStream[] = "ticks";
constexpr std::size_t kEntries = 256;
constexpr std::chrono::milliseconds kBlock{200};
constexpr std::chrono::milliseconds kRetry{500};

}  // namespace

void TickReader::Start() {
  thread_ = std::thread([this] { Read(); });
}

void TickReader::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void TickReader::Read() {
  TickCursor cursor;
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    if (const TickCursor named = sink_.tick_cursor(); named.epoch != cursor.epoch) cursor = named;
    const absl::Status advanced = Advance(cursor);
    if (advanced.ok()) {
      failing_ = false;
    } else if (!WaitAfterError(advanced)) {
      return;
    }
  }
}

absl::Status TickReader::Advance(TickCursor& cursor) {
  if (cursor.position.empty()) {
    PT_ASSIGN_OR_RETURN(cursor.position, NewestPosition());
  }
  if (before_catching_up_ && cursor.epoch != prepared_) {
    PT_RETURN_IF_ERROR(before_catching_up_());
    prepared_ = cursor.epoch;
  }
  const bool behind = cursor.epoch != caught_up_;
  const auto block = behind ? std::chrono::milliseconds(0) : kBlock;
  PT_ASSIGN_OR_RETURN(auto entries, redis_.ReadStream(kStream, cursor.position, kEntries, block));
  const bool at_end = entries.size() < kEntries;
  for (redis::StreamEntry& entry : entries) {
    TickEntry ticks{.epoch = cursor.epoch, .position = {.entry = entry.id}};
    if (const absl::Status read = ReadTicks(entry, ticks); !read.ok()) {
      log::Error("a tick entry cannot be read", {{"id", entry.id}, {"detail", MessageOf(read)}});
      continue;
    }
    sink_.Feed(std::move(ticks));
    cursor.position = std::move(entry.id);
  }
  if (behind && at_end) {
    sink_.CaughtUp(cursor.epoch);
    caught_up_ = cursor.epoch;
  }
  return absl::OkStatus();
}

// Columns in the field `tape`, or quotes one by one in the field `quotes`, which is easier to write by hand.
absl::Status TickReader::ReadTicks(const redis::StreamEntry& entry, TickEntry& out) {
  if (const std::string* const tape = entry.Find("tape"); tape != nullptr) {
    if (!tape_.ParseFromString(*tape)) return Error(Reason::kINTERNAL, "`tape` is no TickBatch");
    out.position.session = tape_.session();
    out.position.clock_micros = tape_.clock_micros();
    return AppendTicks(tape_, out.quotes);
  }
  market_data::v1::QuoteBatch batch;
  const std::string* const quotes = entry.Find("quotes");
  if (quotes == nullptr || !batch.ParseFromString(*quotes)) {
    return Error(Reason::kINTERNAL, "there is neither `tape` nor `quotes`");
  }
  out.position.session = batch.session();
  out.position.clock_micros = batch.clock_micros();
  for (const auto& quote : batch.quotes()) out.quotes.push_back(ToQuote(quote));
  return absl::OkStatus();
}

absl::StatusOr<std::string> TickReader::NewestPosition() {
  PT_ASSIGN_OR_RETURN(const redis::Reply reply, redis_.Run({"XREVRANGE", kStream, "+", "-", "COUNT", "1"}));
  const auto entries = redis::ParseEntries(reply);
  return entries.empty() ? std::string("0-0") : entries.front().id;
}

bool TickReader::WaitAfterError(const absl::Status& error) {
  if (!failing_) log::Warning("ticks cannot be read; trying on", {{"detail", MessageOf(error)}});
  failing_ = true;
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, kRetry, [this] { return stopping_; });
}

}  // namespace papertape::trade_engine
