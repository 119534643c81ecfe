#include "lib/admin/commands.h"

namespace ks::admin {
namespace {

using client::Admin;
using client::Operation;

// Deletes what the names name, one after the other. `kind` heads their column, and with an s it is
// the metric that counts them.
cli::Result<Answer> delete_each(Context& context, Operation operation, const std::string& kind,
                                cli::Result<void> (Admin::*request)(const std::string&,
                                                                    cli::Deadline)) {
  if (auto ok = context.connect({operation}); !ok) return tl::make_unexpected(ok.error());
  Answer answer{{{kind}, {}}, {}, {}, {}};
  for (const std::string& name : context.names) {
    if (auto done = context.ask(request, name); !done) {
      return tl::make_unexpected(with_done(done.error(), answer.table));
    }
    answer.table.rows.push_back({name});
  }
  answer.metrics = {{kind + "s", static_cast<double>(context.names.size())}};
  return answer;
}

}  // namespace

cli::Result<Answer> delete_topics(Context& context) {
  return delete_each(context, Operation::kDeleteTopics, "topic", &Admin::delete_topic);
}

cli::Result<Answer> delete_groups(Context& context) {
  return delete_each(context, Operation::kDeleteGroups, "group", &Admin::delete_group);
}

}  // namespace ks::admin
