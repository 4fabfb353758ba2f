/** Words that are never a name in DuckDB or Trino, or are read as part of the sentence. Lower case. */
export const keywords =
  `all alter analyze and any array as asc asof at attach between both by case cast check collate column comment commit
constraint copy create cross cube current_date current_time current_timestamp database date day deallocate default delete
desc describe detach distinct drop else end escape except exclude execute exists explain extract fetch filter first
following for foreign from full function glob grant group grouping groups having hour ilike in inner insert install
intersect interval into is isnull join key lambda last lateral leading left like limit load localtime localtimestamp
macro map materialized merge minute month natural not notnull null nulls of offset on only or order ordinality outer
over overwrite partition pivot position positional preceding prepare primary qualify range recursive references rename
replace returning revoke right rollback rollup row rows sample schema second select semi anti set show similar some
summarize table tablesample temp temporary then time timestamp to trailing transaction true false try_cast unbounded
union unique unnest unpivot update use using values view when where window with within without year zone`
    .split(/\s+/)
    .filter(Boolean);

/** Functions worth offering before their name is known by heart. */
export const functions =
  `abs any_value approx_distinct arg_max arg_min avg ceil coalesce concat count date_diff date_trunc day epoch extract first
floor greatest hour if ifnull lag last lead least length list lower ltrim max median min month mode now nullif quantile_cont
random rank regexp_extract regexp_matches replace round row_number rtrim split_part starts_with stddev strftime string_agg
strptime substring sum time_bucket today trim try_cast unnest upper variance week year`
    .split(/\s+/)
    .filter(Boolean);
