// What a session's events come to: a SHA-256 over one line of text for each event. Two runs of a session are compared
// by it, so a line has what the market and the requests made and leaves out what chance and the machine's clock did: an
// account is its place by first appearance (a1, a2, ...), a trade its place by opening (t1, t2, ...). Not thread-safe.
//
//   <kind> a<account> <market time> <available> <utilized> <realized pnl>\n
//
// and, where the event is of a trade, before the line's end
//
//    t<trade> <symbol> <side> <quantity> <entry price> stop <price> target <price> <status> exit <price> <reason> <pnl>
//
// with `-` for what is absent.
#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "libs/clock/clock.h"
#include "papertape/trade_engine/v1/events.pb.h"

namespace papertape::trade_engine {

class EventDigest {
 public:
  EventDigest();
  // The next event in the order of the commits; `time` is the market's.
  void Add(std::int64_t user_id, Timestamp time, const v1::TradingEvent& event);
  [[nodiscard]] std::int64_t events() const { return events_; }
  // In lower-case hexadecimal. Once, at the end.
  std::string Finish();

 private:
  std::string LineOf(std::int64_t user_id, Timestamp time, const v1::TradingEvent& event);

  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> hash_;
  std::int64_t events_ = 0;
  std::unordered_map<std::int64_t, std::size_t> accounts_;  // place of each, from 1
  std::unordered_map<std::string, std::size_t> trades_;
};

}  // namespace papertape::trade_engine
