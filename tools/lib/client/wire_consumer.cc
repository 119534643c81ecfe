#include "lib/client/implementations.h"

namespace ks::client {

cli::Result<std::unique_ptr<Consumer>> make_wire_consumer(const Config&, const std::string&) {
  return cli::fail("not built yet");
}

}  // namespace ks::client
