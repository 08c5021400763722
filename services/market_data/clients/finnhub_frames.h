// What Finnhub's stream says and is told, as text frames. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/market_data/domain/quote.h"

namespace papertape::market {

inline constexpr char kFinnhub[] = "finnhub";

struct FinnhubFrame {
  enum class Kind { kTrades, kPing, kTooManySymbols, kError, kUnknown } kind = Kind::kUnknown;
  std::vector<Quote> trades;  // as told, suspicious ones too; a trade without a price has the price zero
  std::string error;          // what an error frame says
};
// Anything may come: what is no frame of theirs is kUnknown.
FinnhubFrame ReadFinnhubFrame(std::string_view text);

std::string SubscribeFrame(std::string_view symbol);
std::string UnsubscribeFrame(std::string_view symbol);

}  // namespace papertape::market
