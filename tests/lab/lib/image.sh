# shellcheck shell=bash
# The image: built once for each state of the recipe (everything in image/),
# shared by all checkouts, left alone afterwards.

image_stamp() {
	(
		cd "$lab_dir/image" || exit
		{
			echo "${XENDECK_LAB_SUITE:-}"
			grep ^VERSION_CODENAME /etc/os-release
			find . -type f | sort | xargs sha256sum
		} | sha256sum | cut -c1-12
	)
}

image=$cache/image-$(image_stamp)

image_ready() {
	[ ! -e "$image/root.ext4" ] || return 0
	mkdir -p "$cache/debs"
	exec {image_lock}>"$cache/image.lock"
	flock "$image_lock"
	[ -e "$image/root.ext4" ] || image_build
	exec {image_lock}>&-
}

image_build() {
	local start=$SECONDS
	say "building the image, once"
	rm -rf "$cache/image.new"
	mkdir "$cache/image.new"
	"$lab_dir/image/build" "$cache/image.new" "$cache/debs" >"$cache/image.log" 2>&1 || {
		tail -n 20 "$cache/image.log" >&2
		die "the image could not be built, see $cache/image.log"
	}
	mv "$cache/image.new" "$image"
	image_prune
	say "image built in $((SECONDS - start)) s"
}

# Forget images that no host of any checkout has its disk on.
image_prune() {
	local dir
	for dir in "$cache"/image-*; do
		[ "$dir" != "$image" ] || continue
		find "$cache/labs" -name image -lname "$dir" 2>/dev/null | grep -q . ||
			rm -rf "$dir"
	done
}
