# Prints C files as one: each #include of a header of ours is replaced by the header, the first time.
#
#   awk -v homes='transport.h wmrec.h|drive.h wmrec.h' -v own=wmrec.h -v headers='core/internal.h core/json.h' -f inline.awk FILE...
#
# headers: those that the files may include, to be printed. homes: headers that another file of the result has, and its name, which is included in their place.
# own: one of these files, which is included first.
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

function put_once(name) {
  is_put[name]
  if (name == "jsmn.h")
    put_foreign(path[name])
  else
    put(path[name])
}

# A header has a guard. In a deeper #if, no header may be printed: where the #if is false, the rest of the file would lack it.
function put(file,    line, name, depth, guard, status) {
  guard = file ~ /[.]h$/
  print "/* " file " */"
  while ((status = getline line <file) > 0) {
    depth += line ~ /^# *if/
    depth -= line ~ /^# *endif/
    name = line
    if (!sub(/^# *include *["<]/, "", name) || !sub(/[">].*/, "", name) || !(name in home || name in path)) {
      print line
      continue
    }
    if (name in home)
      name = home[name]
    if (name in is_put)
      continue
    if (!(name in path))
      print "#include \"" name "\""
    else if (depth > guard)
      fail(file, "#include of " name " in an #if")
    else
      put_once(name)
    if (depth <= guard)
      is_put[name]
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
  if (own != "") {
    print "#include \"" own "\""
    is_put[own]
  }
  for (i = 1; i < ARGC; i++) {
    name = name_of(ARGV[i])
    path[name] = ARGV[i]
    if (!(name in is_put))
      put_once(name)
  }
}
