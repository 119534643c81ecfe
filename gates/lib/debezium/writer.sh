# Rows that are inserted, changed and deleted at a steady rate, and a diary of what was committed; to be
# sourced after postgres.sh.
#
# A line of the diary is a transaction whose COMMIT has returned, with the log position and the time after
# it, or what became of the worker. Values count the changes. What is rolled back is in no line.
# shellcheck disable=SC2154 # postgres.sh's

writer_tables=(videos users comments)
writer_pause_s=0.02

writer_create_tables() {
  local table
  for table in "${writer_tables[@]}"; do
    echo "CREATE TABLE $table (id bigint PRIMARY KEY, body text NOT NULL, value bigint NOT NULL);"
  done | "$postgres_bin/psql" -qX -v ON_ERROR_STOP=1
}

# Writes until DIR/stop is there; then one more row in each table, so that each has an end to wait for.
# Its status is psql's.
writer_run() { # DIR
  writer_statements "$1" | stdbuf -oL "$postgres_bin/psql" -qAtX -v ON_ERROR_STOP=1 >>"$1/diary.jsonl" 2>"$1/writer.log"
}

writer_statements() { # DIR
  local idle number=0 value=0 sql changes ids=(0 0 0) gone=0
  exec {idle}<> <(:)
  until [[ -e $1/stop ]]; do
    number=$((number + 1)) sql='' changes=''
    writer_transaction "$number"
    writer_commit || return
    read -rt "$writer_pause_s" -u "$idle"
  done
  sql='' changes=''
  writer_insert 0
  writer_insert 1
  writer_insert 2
  writer_commit
}

# Of twenty: three change rows, one deletes, one spans all tables, one is rolled back; the rest insert.
writer_transaction() { # NUMBER
  case $(($1 % 20)) in
    3 | 11) writer_update 0 "${ids[0]}" ;;
    7) writer_update 1 "$((ids[1] > 5 ? ids[1] - 5 : ids[1]))" ;;
    13) writer_delete ;;
    17)
      writer_insert 0
      writer_insert 1
      writer_insert 2
      ;;
    19) sql="INSERT INTO videos VALUES (-$1, 'never', -$1); ROLLBACK; BEGIN;" && writer_insert 1 ;;
    *) writer_insert $(($1 % 3)) ;;
  esac
}

writer_insert() { # TABLE-NUMBER
  ids[$1]=$((ids[$1] + 1))
  writer_note "$1" "${ids[$1]}" c
  sql+="INSERT INTO ${writer_tables[$1]} VALUES (${ids[$1]}, repeat(md5(random()::text), 8), $value);"
}

writer_update() { # TABLE-NUMBER ID
  (($2 > 0)) || return
  writer_note "$1" "$2" u
  sql+="UPDATE ${writer_tables[$1]} SET value = $value, body = md5(random()::text) WHERE id = $2;"
}

# The oldest comment that is still there.
writer_delete() {
  ((gone < ids[2])) || return
  gone=$((gone + 1))
  writer_note 2 "$gone" d
  sql+="DELETE FROM ${writer_tables[2]} WHERE id = $gone;"
}

writer_note() { # TABLE-NUMBER ID OPERATION
  value=$((value + 1))
  changes+="${changes:+,}{\"table\":\"${writer_tables[$1]}\",\"id\":$2,\"op\":\"$3\",\"value\":$value}"
}

# What comes after the COMMIT is only done where that has returned.
writer_commit() {
  [[ -n $changes ]] || return 0
  printf '%s\n' "BEGIN; $sql COMMIT;" "SELECT format('{\"event\":\"committed\",\"time_ms\":%s,\"lsn\":%s,\"changes\":%s}',
    (extract(epoch FROM clock_timestamp()) * 1000)::bigint, pg_current_wal_lsn() - '0/0'::pg_lsn, '[$changes]');"
}

# What became of the worker: created, kill or stop (the order), gone, start.
diary_note() { # DIR EVENT
  local now=${EPOCHREALTIME/[.,]/}
  echo "{\"event\":\"$2\",\"time_ms\":${now:0:-3}}" >>"$1/diary.jsonl"
}

diary_transactions() { # DIR
  grep -c '"committed"' "$1/diary.jsonl"
}
