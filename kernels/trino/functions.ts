/** Functions of Trino that people use, to guess which one was meant: asking a cluster for all of its own takes seconds. */
export const functions =
  `abs approx_distinct approx_percentile arbitrary array_agg array_distinct array_join array_sort avg
  bool_and bool_or cardinality ceil ceiling chr coalesce concat contains corr count count_if cume_dist current_date date_add
  date_diff date_format date_parse date_trunc day day_of_week dense_rank element_at every exp filter first_value flatten floor
  format from_iso8601_timestamp from_unixtime geometric_mean greatest hour if json_extract json_extract_scalar json_format
  json_parse lag last_value lead least length like ln log log10 log2 lower lpad ltrim map map_agg max max_by md5 min min_by
  minute mod month now nth_value ntile nullif pow power quarter rand random rank reduce regexp_extract regexp_like
  regexp_replace repeat replace reverse round row_number rpad rtrim second sequence sha256 sign slice split split_part sqrt
  stddev strpos substr substring sum to_hex to_unixtime transform trim truncate try typeof unnest upper url_extract_host uuid
  variance week year zip`.split(/\s+/);
