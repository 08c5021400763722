// The default features by TA-Lib's method, each as its definition says: plain loops over the whole series, no window,
// no sharing. Slow and obvious on purpose: features_test.cpp holds it to TA-Lib's golden columns, and the service to
// it.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace papertape::market::testing {

using Column = std::vector<double>;
struct Series {
  Column high, low, close, volume;
};

inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

inline Column Sma(const Column& x, std::size_t n, std::size_t first = 0) {
  Column out(x.size(), kNone);
  for (std::size_t i = first + n - 1; i < x.size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < n; ++k) sum += x[i - k];
    out[i] = sum / static_cast<double>(n);
  }
  return out;
}

// Seeded with the mean of the n values that end at `seed`.
inline Column Smoothed(const Column& x, std::size_t n, std::size_t seed, double weight) {
  Column out(x.size(), kNone);
  if (seed >= x.size()) return out;
  out[seed] = Sma(x, n, seed + 1 - n)[seed];
  for (std::size_t i = seed + 1; i < x.size(); ++i) out[i] = out[i - 1] + weight * (x[i] - out[i - 1]);
  return out;
}
inline Column Ema(const Column& x, std::size_t n, std::size_t seed) {
  return Smoothed(x, n, seed, 2.0 / (static_cast<double>(n) + 1));
}

inline Column Rsi(const Column& x, std::size_t n) {
  Column gains(x.size(), 0);
  Column losses(x.size(), 0);
  for (std::size_t i = 1; i < x.size(); ++i) {
    gains[i] = std::max(x[i] - x[i - 1], 0.0);
    losses[i] = std::max(x[i - 1] - x[i], 0.0);
  }
  const Column gain = Smoothed(gains, n, n, 1.0 / static_cast<double>(n));
  const Column loss = Smoothed(losses, n, n, 1.0 / static_cast<double>(n));
  Column out(x.size(), kNone);
  for (std::size_t i = n; i < x.size(); ++i) out[i] = gain[i] + loss[i] == 0 ? 0 : 100 * gain[i] / (gain[i] + loss[i]);
  return out;
}

inline Column TrueRange(const Series& bars) {
  Column out(bars.close.size(), 0);
  for (std::size_t i = 1; i < out.size(); ++i) {
    out[i] = std::max({bars.high[i] - bars.low[i], std::fabs(bars.high[i] - bars.close[i - 1]),
                       std::fabs(bars.low[i] - bars.close[i - 1])});
  }
  return out;
}

// Wilder's S - S/n + x, seeded with the sum of the first n - 1 changes.
inline Column WilderSum(const Column& x, std::size_t n) {
  Column out(x.size(), kNone);
  double sum = 0;
  for (std::size_t i = 1; i < x.size(); ++i) {
    sum = i < n ? sum + x[i] : sum - sum / static_cast<double>(n) + x[i];
    if (i >= n) out[i] = sum;
  }
  return out;
}

inline Column Adx(const Series& bars, std::size_t n) {
  Column up(bars.close.size(), 0);
  Column down(bars.close.size(), 0);
  for (std::size_t i = 1; i < up.size(); ++i) {
    const double rise = bars.high[i] - bars.high[i - 1];
    const double fall = bars.low[i - 1] - bars.low[i];
    if (rise > fall && rise > 0) up[i] = rise;
    if (fall > rise && fall > 0) down[i] = fall;
  }
  const Column plus = WilderSum(up, n);
  const Column minus = WilderSum(down, n);
  Column dx(up.size(), 0);
  for (std::size_t i = n; i < dx.size(); ++i) dx[i] = 100 * std::fabs(plus[i] - minus[i]) / (plus[i] + minus[i]);
  return Smoothed(dx, n, 2 * n - 1, 1.0 / static_cast<double>(n));
}

inline Column FastK(const Series& bars, std::size_t n) {
  Column out(bars.close.size(), 0);
  for (std::size_t i = n - 1; i < out.size(); ++i) {
    double top = bars.high[i];
    double bottom = bars.low[i];
    for (std::size_t k = 1; k < n; ++k) {
      top = std::max(top, bars.high[i - k]);
      bottom = std::min(bottom, bars.low[i - k]);
    }
    out[i] = top == bottom ? 0 : 100 * (bars.close[i] - bottom) / (top - bottom);
  }
  return out;
}

inline Column Obv(const Series& bars) {
  Column out(bars.close.size(), 0);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double change = i == 0 ? 1 : bars.close[i] - bars.close[i - 1];
    const double volume = change > 0 ? bars.volume[i] : change < 0 ? -bars.volume[i] : 0;
    out[i] = (i == 0 ? 0 : out[i - 1]) + volume;
  }
  return out;
}

inline std::map<std::string, Column> Macd(const Column& x) {
  const Column fast = Ema(x, 12, 25);  // both begin at bar 25
  const Column slow = Ema(x, 26, 25);
  Column line(x.size(), 0);
  for (std::size_t i = 25; i < x.size(); ++i) line[i] = fast[i] - slow[i];
  const Column signal = Ema(line, 9, 33);
  std::map<std::string, Column> out;
  for (const char* const name : {"macd", "macd_signal", "macd_hist"}) out[name] = Column(x.size(), kNone);
  for (std::size_t i = 33; i < x.size(); ++i) {
    out["macd"][i] = line[i];
    out["macd_signal"][i] = signal[i];
    out["macd_hist"][i] = line[i] - signal[i];
  }
  return out;
}

inline std::map<std::string, Column> Bands(const Column& x, std::size_t n) {
  const Column mean = Sma(x, n);
  std::map<std::string, Column> out{{"bb_upper", mean}, {"bb_middle", mean}, {"bb_lower", mean}};
  for (std::size_t i = n - 1; i < x.size(); ++i) {
    double squares = 0;
    for (std::size_t k = 0; k < n; ++k) squares += (x[i - k] - mean[i]) * (x[i - k] - mean[i]);
    const double width = 2 * std::sqrt(squares / static_cast<double>(n));
    out["bb_upper"][i] += width;
    out["bb_lower"][i] -= width;
  }
  return out;
}

inline std::map<std::string, Column> DefaultFeaturesByMethod(const Series& bars) {
  const Column slow_k = Sma(FastK(bars, 14), 3, 13);
  std::map<std::string, Column> out = Macd(bars.close);
  out.merge(Bands(bars.close, 20));
  out["rsi_14"] = Rsi(bars.close, 14);
  out["sma_20"] = Sma(bars.close, 20);
  out["sma_50"] = Sma(bars.close, 50);
  out["sma_200"] = Sma(bars.close, 200);
  out["ema_12"] = Ema(bars.close, 12, 11);
  out["ema_26"] = Ema(bars.close, 26, 25);
  out["atr_14"] = Smoothed(TrueRange(bars), 14, 14, 1.0 / 14);
  out["adx_14"] = Adx(bars, 14);
  out["stoch_k"] = slow_k;
  std::fill_n(out["stoch_k"].begin(), 17, kNone);  // both outputs begin with the later one
  out["stoch_d"] = Sma(slow_k, 3, 15);
  out["obv"] = Obv(bars);
  out["volume_sma_20"] = Sma(bars.volume, 20);
  return out;
}

}  // namespace papertape::market::testing
