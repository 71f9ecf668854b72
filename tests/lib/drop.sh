# PostgreSQL refuses root, so what root starts is done by the checkout's owner, or by nobody if that is root. Sourced.
export PATH=$PATH:/usr/sbin:/sbin # Debian gives users none of it, and the servers lie there
# as_owner COMMAND...: what writes into the checkout is done by its owner.
as_owner() {
	local owner
	owner=$(stat -c %U "$TOP")
	if [ "$(id -u)" != 0 ] || [ "$owner" = root ] || [ "$owner" = UNKNOWN ]; then "$@"; return; fi
	setpriv "--reuid=$owner" "--regid=$(id -g "$owner")" --init-groups \
		env "HOME=$(getent passwd "$owner" | cut -d: -f6)" "USER=$owner" "$@"
}

# drop_to_user SCRIPT ARGS...: returns at once for ordinary users; as root it runs the script again as that user
# and ends with its exit code. Call it where everything that must be written into the checkout has been.
drop_to_user() {
	[ "$(id -u)" = 0 ] || return 0
	local user
	user=$(stat -c %U "$TOP")
	[ "$user" != root ] && [ "$user" != UNKNOWN ] || user=nobody
	local as=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
	local env=(env "HOME=/nonexistent" "USER=$user" "LOGNAME=$user" DROPPED=1)
	if "${as[@]}" test -r "$TOP/Makefile" 2>/dev/null; then
		exec "${as[@]}" "${env[@]}" "$@"
	fi
	# The checkout lies where only root may enter: show it to that user under another path.
	local door rc
	trap : INT # the script inside ends by itself; what is left is to put the door away
	door=$(mktemp -d /tmp/docket.XXXXXX)
	mkdir "$door/top"
	chmod 711 "$door"
	unshare --mount --propagation private bash -c '
		mount --bind "$1" "$2" && cd "$2" || {
			echo "docket: $3 may not enter $1; put the checkout where everybody may, or give it to an ordinary user" >&2
			exit 77
		}
		shift 3
		exec "$@"' drop "$TOP" "$door/top" "$user" "${as[@]}" "${env[@]}" "TOP=$door/top" "${@/#"$TOP"/"$door/top"}"
	rc=$?
	rmdir "$door/top" "$door"
	exit $rc
}
