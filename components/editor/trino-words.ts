/** Words that Trino 476 reads as part of the sentence, never as a bare name. Its own list of reserved words; small letters. */
export const trinoReserved: ReadonlySet<string> = new Set(
  `alter and as between by case cast constraint create cross cube current_catalog current_date current_path current_role
current_schema current_time current_timestamp current_user deallocate delete describe distinct drop else end escape except
execute exists extract false for from full group grouping having in inner insert intersect into is join json_array
json_exists json_object json_query json_table json_value left like listagg localtime localtimestamp natural normalize not
null on or order outer prepare recursive right rollup select skip table then trim true uescape union unnest using values
when where with`
    .split(/\s+/)
    .filter(Boolean),
);

/** Words worth offering while Trino's SQL is written. */
export const trinoKeywords = [
  ...trinoReserved,
  ...`all analyze any array asc at bernoulli both call check columns current date day desc explain fetch filter first
following format functions grant hour if ignore interval last lateral limit map match_recognize materialized merge minute
month next nulls offset only ordinality over partition partitions position preceding range refresh respect row rows schemas
second session set show some stats system table tablesample tables ties time timestamp to try_cast type unbounded update
validate view window within without work year zone`
    .split(/\s+/)
    .filter(Boolean),
].sort();

/** Functions of Trino worth offering before their name is known by heart. */
export const trinoFunctions =
  `abs any_value approx_distinct approx_most_frequent approx_percentile array_agg array_distinct array_join array_sort
at_timezone avg bitwise_and cardinality cast ceil chr coalesce concat contains corr count count_if cume_dist current_timezone
date date_add date_diff date_format date_parse date_trunc day day_of_week dense_rank element_at every extract filter
first_value flatten floor format format_datetime from_base64 from_iso8601_timestamp from_unixtime geometric_mean greatest
hour if ilike json_extract json_extract_scalar json_format json_parse lag last_value lead least length listagg ln log10
lower lpad ltrim map map_agg map_entries map_keys map_values max max_by md5 min min_by minute mod month nth_value ntile
nullif parse_datetime percent_rank position power quarter random rank reduce regexp_extract regexp_extract_all regexp_like
regexp_replace repeat replace reverse round row_number rpad rtrim second sequence sha256 sign slice split split_part sqrt
starts_with stddev strpos substr sum to_base64 to_iso8601 to_unixtime transform trim truncate try try_cast typeof unnest
upper url_extract_host url_extract_path uuid variance week width_bucket year zip`
    .split(/\s+/)
    .filter(Boolean);

/** A name as Trino reads it: what is no plain word, or is a word of the language, stands in quotes. */
export function trinoName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/i.test(name) && !trinoReserved.has(name.toLowerCase())
    ? name
    : `"${name.replaceAll('"', '""')}"`;
}
