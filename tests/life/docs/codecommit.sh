mkdir -p ~/.ssh && chmod 700 ~/.ssh
git init --quiet --initial-branch main work && cd work
git -c user.name=alice -c user.email=alice@example.com commit --quiet --allow-empty --message First
