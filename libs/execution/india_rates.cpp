#include "libs/execution/india_rates.h"

#include <array>
#include <chrono>

namespace papertape::execution {
namespace {

using std::chrono::year_month_day;
using namespace std::chrono_literals;

// A rate from a day on.
struct Step {
  std::chrono::sys_days from;
  std::int64_t rate;
};

constexpr std::chrono::sys_days Day(int year, unsigned month, unsigned day) {
  return year_month_day(std::chrono::year(year), std::chrono::month(month), std::chrono::day(day));
}

// Finance Acts of 2004, 2005, 2006 and 2012.
constexpr std::array kSttDelivery{Step{Day(2004, 10, 1), 75'000}, Step{Day(2005, 6, 1), 100'000},
                                  Step{Day(2006, 6, 1), 125'000}, Step{Day(2012, 7, 1), 100'000}};
constexpr std::array kSttIntraday{Step{Day(2004, 10, 1), 15'000}, Step{Day(2005, 6, 1), 20'000},
                                  Step{Day(2006, 6, 1), 25'000}};
// The NSE's circulars; where the charge went down with a member's turnover, the first bracket's.
constexpr std::array kExchange{Step{Day(2004, 10, 1), 3'250}, Step{Day(2021, 1, 1), 3'450},
                               Step{Day(2023, 4, 1), 3'250}, Step{Day(2024, 10, 1), 2'970}};
constexpr std::array kSebi{Step{Day(2004, 10, 1), 200}, Step{Day(2017, 4, 1), 150}, Step{Day(2019, 4, 1), 100},
                           Step{Day(2020, 6, 1), 50}, Step{Day(2021, 4, 1), 100}};
constexpr std::array kGst{
    Step{Day(2004, 10, 1), 10'200'000},  Step{Day(2006, 4, 18), 12'240'000}, Step{Day(2007, 5, 11), 12'360'000},
    Step{Day(2009, 2, 24), 10'300'000},  Step{Day(2012, 4, 1), 12'360'000},  Step{Day(2015, 6, 1), 14'000'000},
    Step{Day(2015, 11, 15), 14'500'000}, Step{Day(2016, 6, 1), 15'000'000},  Step{Day(2017, 7, 1), 18'000'000}};
// The Indian Stamp Act as amended from July 2020 on.
constexpr std::chrono::sys_days kOneStampAct = Day(2020, 7, 1);
constexpr std::array kStampDelivery{Step{Day(2004, 10, 1), 10'000}, Step{kOneStampAct, 15'000}};
constexpr std::array kStampIntraday{Step{Day(2004, 10, 1), 2'000}, Step{kOneStampAct, 3'000}};
constexpr std::chrono::sys_days kGstOnSebi = Day(2022, 7, 18);

template <std::size_t N>
std::int64_t At(const std::array<Step, N>& steps, std::chrono::sys_days day) {
  std::int64_t rate = steps.front().rate;
  for (const Step& step : steps) {
    if (step.from <= day) rate = step.rate;
  }
  return rate;
}

}  // namespace

IndiaRates IndiaRatesOn(Timestamp time) {
  const auto day = std::chrono::floor<std::chrono::days>(time + 5h + 30min);  // India has one time, without summer's
  return {.stt_delivery = At(kSttDelivery, day),
          .stt_intraday_sale = At(kSttIntraday, day),
          .exchange = At(kExchange, day),
          .sebi = At(kSebi, day),
          .gst = At(kGst, day),
          .gst_on_sebi = day >= kGstOnSebi,
          .stamp_delivery = At(kStampDelivery, day),
          .stamp_intraday = At(kStampIntraday, day),
          .stamp_on_sales = day < kOneStampAct};
}

}  // namespace papertape::execution
