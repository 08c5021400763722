#include "services/trade_engine/store/event_rows.h"

namespace papertape::trade_engine {

EventRow::EventRow(const pg::Rows& rows, std::size_t row)
    : payload(rows.Bytes(row, 8)),
      hash(rows.Bytes(row, 9)),
      event{.session = rows.Int(row, 0),
            .user_id = rows.Int(row, 1),
            .account_seq = rows.Int(row, 2),
            .id = rows.Text(row, 4),
            .type = rows.Text(row, 5),
            .time = rows.Time(row, 3),
            .request_id = rows.Text(row, 6),
            .cause = rows.Text(row, 7),
            .payload = payload} {}

}  // namespace papertape::trade_engine
