#pragma once

#include <span>

#include "lib/admin/command.h"

namespace ks::admin {

// ks-admin
cli::Result<Answer> list_topics(Context& context);
cli::Result<Answer> describe_topics(Context& context);
cli::Result<Answer> create_topics(Context& context);
cli::Result<Answer> delete_topics(Context& context);
cli::Result<Answer> add_partitions(Context& context);
cli::Result<Answer> describe_configs(Context& context);
cli::Result<Answer> alter_configs(Context& context);
cli::Result<Answer> list_groups(Context& context);
cli::Result<Answer> describe_groups(Context& context);
cli::Result<Answer> delete_groups(Context& context);
cli::Result<Answer> probe_brokers(Context& context);
cli::Result<Answer> compare_views(Context& context);
cli::Result<Answer> identify_broker(Context& context);

// ks-offsets
cli::Result<Answer> list_offsets(Context& context);
cli::Result<Answer> commit_offsets(Context& context);
cli::Result<Answer> fetch_offsets(Context& context);
cli::Result<Answer> reset_offsets(Context& context);
cli::Result<Answer> measure_lag(Context& context);
cli::Result<Answer> list_epoch_ends(Context& context);

}  // namespace ks::admin
