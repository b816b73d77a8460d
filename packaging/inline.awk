# Prints C files as one: each #include of a header of ours is replaced by the header, the first time.
#
#   awk -v homes='transport.h wmrec.h|drive.h wmrec.h' -v headers='core/internal.h core/json.h' -f inline.awk FILE...
#
# headers: those to print. homes: headers that another file of the result has, and its name, which is included in their place.
#
# SPDX-License-Identifier: Apache-2.0

function fail(file, why) {
  print file ": " why >"/dev/stderr"
  exit 1
}

# jsmn has warnings that this project turns on.
function put_foreign(file) {
  print "#ifdef __GNUC__\n#pragma GCC diagnostic push\n#pragma GCC diagnostic ignored \"-Wsign-conversion\"\n#endif"
  put(file)
  print "#ifdef __GNUC__\n#pragma GCC diagnostic pop\n#endif"
}

function put_header(name) {
  if (name in home) {
    if (!(home[name] in is_put))
      print "#include \"" home[name] "\""
    is_put[home[name]]
  } else if (!(name in is_put)) {
    is_put[name]
    if (name == "jsmn.h")
      put_foreign(path[name])
    else
      put(path[name])
  }
}

# A header has a guard: an #include in a deeper #if would be missing where the #if is false.
function put(file,    line, name, depth, guard, status) {
  guard = file ~ /[.]h$/
  print "/* " file " */"
  while ((status = getline line <file) > 0) {
    depth += line ~ /^# *if/
    depth -= line ~ /^# *endif/
    name = line
    if (!sub(/^# *include *["<]/, "", name) || !sub(/[">].*/, "", name) || !(name in home || name in path))
      print line
    else if (depth > guard)
      fail(file, "#include of " name " in an #if")
    else
      put_header(name)
  }
  if (status < 0)
    fail(file, "cannot be read")
  close(file)
}

function name_of(file) {
  sub(".*/", "", file)
  return file
}

BEGIN {
  count = split(homes, pairs, "|")
  for (i = 1; i <= count; i++) {
    split(pairs[i], pair, " ")
    home[pair[1]] = pair[2]
  }
  count = split(headers, files, " ")
  for (i = 1; i <= count; i++)
    path[name_of(files[i])] = files[i]
  for (i = 1; i < ARGC; i++)
    if (ARGV[i] ~ /[.]h$/)
      put_header(name_of(ARGV[i]))
    else
      put(ARGV[i])
}
