// Shows how far a replay is: a line that is drawn over itself on a terminal, otherwise a line for each of its days. Not
// thread-safe.
#pragma once

#include <cstddef>
#include <ostream>
#include <string>

#include "papertape/market_data/v1/market_session_service.pb.h"

namespace papertape::cli {

// "2008-10-01 13:30:00 UTC"
std::string MarketTime(const google::protobuf::Timestamp& time);
// "session 3, a replay of 2008-10-01 to 2008-10-31 of 5 symbols: running at 500x, 2008-10-14 15:40:00 UTC, 43 %"
std::string Describe(const market_data::v1::MarketSession& session);

class ReplayProgress {
 public:
  ReplayProgress(std::ostream& out, bool is_terminal) : out_(out), is_terminal_(is_terminal) {}
  void Show(const market_data::v1::MarketSession& session);
  // Ends the line that stands there.
  void Finish();

 private:
  std::ostream& out_;
  const bool is_terminal_;
  std::string shown_day_;
  std::size_t drawn_ = 0;  // characters of the line that stands there
};

}  // namespace papertape::cli
