// Puts news into words. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "libs/money/money.h"
#include "services/notification/domain/account_news.h"
#include "services/notification/domain/feed.h"
#include "services/notification/domain/journal_news.h"
#include "services/notification/domain/trading_news.h"

namespace papertape::notification {

// The words of an alert are those of the journal dialect: "Stop loss triggered for AAPL at $148.50".
// `news.trade` is there unless an account was opened. What happened in a replay says so first, and when it was there.
Draft Compose(const TradingNews& news);
Draft Compose(const AccountNews& news);
Draft Compose(const JournalNews& news);

// "$148.50": two places at least, as many as the amount has at most.
std::string InDollars(std::int64_t micros);
template <class Tag>
std::string InDollars(Micros<Tag> amount) {
  return InDollars(amount.micros());
}

}  // namespace papertape::notification
