#include "services/trade_engine/domain/event_log.h"

#include <iterator>

#include "fmt/format.h"

namespace papertape::trade_engine {

std::string CanonicalBytes(const LoggedEvent& event) {
  constexpr std::size_t kHead = 160;
  std::string bytes;
  bytes.reserve(kHead + event.type.size() + event.payload.size());
  fmt::format_to(std::back_inserter(bytes), "papertape event 1\n{} {} {} {}\n", event.session, event.user_id,
                 event.account_seq, MicrosSinceEpoch(event.time));
  for (const std::string_view text : {event.id, event.type, event.request_id, event.cause, event.payload}) {
    fmt::format_to(std::back_inserter(bytes), "{}:", text.size());
    bytes += text;
  }
  return bytes;
}

std::vector<EventView> EventsOf(const Batch& batch) {
  std::vector<EventView> views;
  views.reserve(batch.events().size());
  const std::span<const Transfer> transfers = batch.transfers();
  const std::span<const Order> orders = batch.orders();
  std::size_t transfer = 0;
  std::size_t order = 0;
  const auto is_of = [](const auto& row, const Event& event) {
    return row.user_id == event.account.user_id && row.account_seq == event.account_seq;
  };
  // Each event was appended after its rows and before those of the next one.
  for (const Event& event : batch.events()) {
    const std::size_t first = transfer;
    while (transfer < transfers.size() && is_of(transfers[transfer], event)) ++transfer;
    EventView view{.event = event, .transfers = transfers.subspan(first, transfer - first)};
    if (order < orders.size() && is_of(orders[order], event)) view.order = &orders[order++];
    views.push_back(view);
  }
  return views;
}

}  // namespace papertape::trade_engine
