// What law and exchange charge for Indian shares, by day. In units of kRateUnit: 0.1 % is 100,000.
#pragma once

#include <cstdint>

#include "libs/clock/clock.h"

namespace papertape::execution {

// Buyer and seller pay `stt_delivery`; only the seller pays `stt_intraday_sale`.
struct IndiaRates {
  std::int64_t stt_delivery = 0;       // Securities Transaction Tax, shares kept
  std::int64_t stt_intraday_sale = 0;  // shares sold on the day of their purchase
  std::int64_t exchange = 0;           // the NSE's transaction charge
  std::int64_t sebi = 0;               // the regulator's turnover fee
  std::int64_t gst = 0;                // on brokerage and exchange charge; before July 2017 it was called service tax
  bool gst_on_sebi = false;            // and on the turnover fee
  std::int64_t stamp_delivery = 0;
  std::int64_t stamp_intraday = 0;
  bool stamp_on_sales = false;  // before July 2020 the states took it, of both sides; the rates are Maharashtra's
};

// Of the day in India. Days before October 2004, when the first of these was made, have that day's rates.
IndiaRates IndiaRatesOn(Timestamp time);

}  // namespace papertape::execution
