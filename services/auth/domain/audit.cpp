#include "services/auth/domain/audit.h"

namespace papertape::auth {

std::string_view ActorName(Actor actor) {
  switch (actor) {
    case Actor::kNobody:
      return "nobody";
    case Actor::kUser:
      return "user";
    case Actor::kOperator:
      return "operator";
  }
  return "nobody";
}

}  // namespace papertape::auth
